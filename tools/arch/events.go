package arch

import "go/ast"

// testsPublishValidEvents: a test of a service that makes a publisher makes a validating one, so an event that
// api/events does not describe fails it. The publisher of a running service validates in development, and so in tests.
func testsPublishValidEvents(_ Tree, file File) []string {
	if !file.Test || file.Module == "libs" {
		return nil
	}
	validating := map[ast.Expr]bool{}
	found := 0
	ast.Inspect(file.Syntax, func(node ast.Node) bool { // the outer call comes first
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		selector, ok := call.Fun.(*ast.SelectorExpr)
		switch {
		case !ok:
		case selector.Sel.Name == "Validating":
			validating[selector.X] = true
		case selector.Sel.Name == "NewPublisher" && !validating[call]:
			found++
		}
		return true
	})
	if found == 0 {
		return nil
	}
	return []string{"a test publishes without validation: outbox.NewPublisher(...).Validating()"}
}
