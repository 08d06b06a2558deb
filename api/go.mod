module go.updspace.com/api

go 1.26
