// Package deploy holds what runs the platform outside of a developer's machine: compose, the Helm chart, dashboards and alerts. Its tests read
// those files with the libraries of the programs that they are for, and hold them against the services. It is a module of its own, so that no
// service carries these libraries.
package deploy
