package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/config"
)

type settings struct {
	Port   int    `env:"CONFIG_TEST_PORT" envDefault:"80"`
	Secret string `env:"CONFIG_TEST_SECRET"`
}

func (s settings) Validate() error {
	if s.Port < 1 {
		return errors.New("CONFIG_TEST_PORT must be positive")
	}
	return nil
}

func TestLoad(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte("s3cret\n"), 0o600))
	t.Setenv("CONFIG_TEST_SECRET_FILE", file)
	s, err := config.Load[settings]()
	require.NoError(t, err)
	require.Equal(t, settings{Port: 80, Secret: "s3cret"}, s)

	t.Setenv("CONFIG_TEST_PORT", "0")
	_, err = config.Load[settings]()
	require.ErrorContains(t, err, "CONFIG_TEST_PORT")

	t.Setenv("CONFIG_TEST_PORT", "eighty")
	_, err = config.Load[settings]()
	require.Error(t, err)
}

func TestASettingHasOneSource(t *testing.T) {
	t.Setenv("CONFIG_TEST_SECRET", "a")
	t.Setenv("CONFIG_TEST_SECRET_FILE", "/nowhere")
	_, err := config.Load[settings]()
	require.ErrorContains(t, err, "both CONFIG_TEST_SECRET and CONFIG_TEST_SECRET_FILE")
}

func TestAMissingFileIsAnError(t *testing.T) {
	t.Setenv("CONFIG_TEST_SECRET_FILE", "/nowhere/at/all")
	_, err := config.Load[settings]()
	require.ErrorIs(t, err, os.ErrNotExist)
}
