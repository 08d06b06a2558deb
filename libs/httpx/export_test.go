package httpx

// SchemaReason is for the tests of this package.
var SchemaReason = schemaReason
