// Package valid is the rule of text, names, times and ids that all services share. It is pure, so domains import it.
//
// Functions that take errs.Fields bring an input into its stored form, record what is wrong with it under the field's wire
// name, and return the form. Lengths count characters (code points), after normalisation.
//
//	fields := errs.Fields{}
//	title := valid.Line(fields, "title", in.Title, 1, 200)
//	body := valid.Text(fields, "body", in.Body, 0, 10_000)
//	starts := valid.Time(fields, "starts_at", in.StartsAt)
//	if err := fields.Err(); err != nil {
//		return err
//	}
package valid
