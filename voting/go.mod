module go.updspace.com/voting

go 1.26

require (
	go.updspace.com/api v0.0.0
	go.updspace.com/libs v0.0.0
)

replace (
	go.updspace.com/api => ../api
	go.updspace.com/libs => ../libs
)
