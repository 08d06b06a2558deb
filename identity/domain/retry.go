package domain

import "time"

// MailMaxAttempts is how often a mail server is asked to take a mail.
const MailMaxAttempts = 8

// LogoutRetry is how long to wait after the given number of attempts to tell a client of a sign-out.
func LogoutRetry(attempts int) time.Duration { return backoff(attempts, 5*time.Second, 5*time.Minute) }

// MailRetry is how long to wait after the given number of attempts to send a mail.
func MailRetry(attempts int) time.Duration { return backoff(attempts, 15*time.Second, 30*time.Minute) }

// backoff doubles from first up to limit.
func backoff(attempts int, first, limit time.Duration) time.Duration {
	for range attempts - 1 {
		if first *= 2; first >= limit {
			return limit
		}
	}
	return first
}
