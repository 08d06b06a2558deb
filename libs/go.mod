module go.updspace.com/libs

go 1.26

require go.updspace.com/api v0.0.0

replace go.updspace.com/api => ../api
