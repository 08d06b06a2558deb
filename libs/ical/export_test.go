package ical

// WindowsZones are the zones of Windows, for the tests.
var WindowsZones = windowsZones
