module go.updspace.com/tools

go 1.26

require (
	go.updspace.com/access v0.0.0
	go.updspace.com/api v0.0.0
	go.updspace.com/bff v0.0.0
	go.updspace.com/identity v0.0.0
	go.updspace.com/libs v0.0.0
	go.updspace.com/voting v0.0.0
)

replace (
	go.updspace.com/access => ../access
	go.updspace.com/api => ../api
	go.updspace.com/bff => ../bff
	go.updspace.com/identity => ../identity
	go.updspace.com/libs => ../libs
	go.updspace.com/voting => ../voting
)
