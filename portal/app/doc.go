// Package app holds the use cases of portal, one type per thing that is worked on. Each use case first asks who may,
// then lets the domain say what is right, then stores and tells what happened, in one transaction.
package app
