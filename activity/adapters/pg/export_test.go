package pg

// RowsOfSources is the statement that reads the items of sources.
const RowsOfSources = rowsOfSources
