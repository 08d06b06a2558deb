package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/devstack"
	"go.updspace.com/tools/journey"
)

// console collects what a browser complains about.
type console struct {
	mu         sync.Mutex
	complaints []string
}

func (c *console) listen(event any) {
	var text string
	switch e := event.(type) {
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError || e.Entry.Level == cdplog.EntryLevelWarning {
			text = fmt.Sprintf("%s %s (%s)", e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			text = string(e.Type)
			for _, a := range e.Args {
				text += " " + string(a.Value) + a.Description
			}
		}
	case *runtime.EventExceptionThrown:
		text = "exception " + e.ExceptionDetails.Text
	case *network.EventLoadingFailed:
		if !e.Canceled {
			text = "loading failed: " + e.ErrorText
		}
	}
	if text != "" {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.complaints = append(c.complaints, text)
	}
}

// said returns the complaints so far.
func (c *console) said() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.complaints)
}

func (c *console) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.complaints = nil
}

// chromium opens a tab of a fresh browser. chromedp gives it a directory of its own and deletes it afterwards.
func chromium(t *testing.T) (context.Context, *console) {
	t.Helper()
	found, err := devstack.FindChromium(t.Context(), devstack.Options{})
	require.NoError(t, err)
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(found.Path), chromedp.Env(found.Env...), chromedp.WindowSize(1100, 800),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-extensions", true), chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("host-resolver-rules", "MAP *.localhost 127.0.0.1"),
	}
	ctx, cancelAllocator := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	t.Cleanup(cancelAllocator)
	ctx, cancelTab := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits for the browser to be gone
		cancelTab()
	})
	c := &console{}
	require.NoError(t, chromedp.Listen(ctx, c.listen))
	watch := chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, errNetwork := cdp.Call(ctx, tab, network.Enable, network.EnableParams{})
		_, errLog := cdp.Call(ctx, tab, cdplog.Enable, cdp.Empty{})
		_, errRuntime := cdp.Call(ctx, tab, runtime.Enable, cdp.Empty{})
		return errors.Join(errNetwork, errLog, errRuntime)
	})
	require.NoError(t, chromedp.Do(ctx, watch))
	ctx, cancel := context.WithTimeout(ctx, 90*time.Second)
	t.Cleanup(cancel)
	return ctx, c
}

// screenshot saves what the page looks like, when UPDSPACE_E2E_SCREENSHOTS says where.
func screenshot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("UPDSPACE_E2E_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
}

func TestChromiumSignsIn(t *testing.T) {
	ctx, console := chromium(t)
	const email, password = chromedp.CSS(`input[name="email"]`), chromedp.CSS(`input[name="password"]`)
	location := func() string {
		address, err := chromedp.Run(ctx, chromedp.Location())
		if err != nil { // between two pages
			return ""
		}
		return address
	}
	require.NoError(t, chromedp.Do(ctx,
		chromedp.Navigate(world.Origin("aef")+"/api/v1/auth/login?next=/"),
		chromedp.WaitVisible(password),
	))
	require.True(t, strings.HasPrefix(location(), world.IDOrigin()+"/"), "the password is typed on the ID host, not on "+location())
	screenshot(t, ctx, "login")

	submit := func(secret string) {
		require.NoError(t, chromedp.Do(ctx,
			chromedp.Clear(email), chromedp.SendKeys(email, journey.Member), chromedp.SendKeys(password, secret+"\n")))
	}
	submit("wrong")
	require.NoError(t, chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(`[role="alert"]`))))
	screenshot(t, ctx, "login-refused")
	console.forget() // a refusal is an error status, which Chromium notes; what counts is the way that works

	submit(journey.Password)
	require.Eventually(t, func() bool { return location() == world.Origin("aef")+"/" }, 20*time.Second, 50*time.Millisecond)
	require.NoError(t, chromedp.Do(ctx, chromedp.WaitReady(chromedp.CSS("body"))))
	screenshot(t, ctx, "signed-in")

	who, err := chromedp.Run(ctx, chromedp.Evaluate[string](
		`fetch('/api/v1/session/me').then(r => r.json()).then(me => me.user.id)`, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	require.Equal(t, memberID.String(), who)

	// The session is out of reach for scripts; the CSRF token is there for them.
	cookies, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.cookie`))
	require.NoError(t, err)
	require.NotContains(t, cookies, "updspace_session")
	require.Contains(t, cookies, "updspace_csrf=")

	require.Empty(t, console.said())
}
