// Runs while the scripts of the page are still on their way. The first date or number that a page formats makes the browser list the languages
// of all its data, which takes a phone a tenth of a second: here nothing waits for it.
Intl.DateTimeFormat.supportedLocalesOf(document.documentElement.lang);
