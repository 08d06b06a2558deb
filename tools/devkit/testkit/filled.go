package testkit

import (
	"reflect"
	"slices"
	"testing"
)

// Filled fails the test unless every field of a struct has a value: it is not zero, not null and not empty. Fields of structs
// within it count too, by their path, such as "Rules.Anonymous"; of a list, the first element counts. except names the fields that are without a value on purpose;
// one that has a value or does not exist fails the test, so that the list stays short.
//
// A test that compares a full example on its way through conversions calls Filled on it: a field that is added later makes the
// test fail until the example has it, and then the comparison finds each conversion that forgets it.
func Filled(t testing.TB, example any, except ...string) {
	t.Helper()
	empty := emptyFields(reflect.ValueOf(example), "")
	for _, field := range empty {
		if !slices.Contains(except, field) {
			t.Errorf("testkit: the example of %T has no value for %s", example, field)
		}
	}
	for _, field := range except {
		if !slices.Contains(empty, field) {
			t.Errorf("testkit: the example of %T has a value for %s, or no such field", example, field)
		}
	}
}

// emptyFields are the paths of the fields without a value.
func emptyFields(v reflect.Value, prefix string) (empty []string) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() {
			continue
		}
		value, path := v.Field(i), prefix+field.Name
		if isEmpty(value) {
			empty = append(empty, path)
			continue
		}
		if value.Kind() == reflect.Slice {
			value = value.Index(0)
		}
		if hasExportedFields(value.Type()) {
			empty = append(empty, emptyFields(value, path+".")...)
		}
	}
	return empty
}

func isEmpty(v reflect.Value) bool {
	if n, ok := v.Interface().(interface{ IsNull() bool }); ok && n.IsNull() {
		return true
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	default:
		return v.IsZero()
	}
}

func hasExportedFields(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && slices.ContainsFunc(reflect.VisibleFields(t), reflect.StructField.IsExported)
}
