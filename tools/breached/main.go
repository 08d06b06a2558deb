// Command breached writes the filter of breached passwords that identity ships: go -C tools run ./breached. Its sources are the lists
// of passwords, counted in leaks, and of names of github.com/trustelem/zxcvbn (MIT), and russian.txt.
package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"strings"

	"github.com/FastFilter/xorfilter"
	"github.com/trustelem/zxcvbn/frequency"

	"go.updspace.com/identity/adapters/breached"
)

// russian has words that Russian speakers choose, in both layouts of the keyboard.
//
//go:embed russian.txt
var russian string

// target is where the filter goes, seen from the folder tools.
const target = "../identity/adapters/breached/passwords.filter"

func main() {
	filter, err := build()
	if err == nil {
		err = os.WriteFile(target, filter, 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// sources are the passwords of the filter.
func sources() []string {
	all := strings.Fields(russian)
	for _, list := range []string{"passwords", "female_names", "male_names", "surnames"} {
		all = append(all, frequency.FrequencyLists[list]...)
	}
	return all
}

func build() ([]byte, error) {
	keys := map[uint64]bool{}
	for _, password := range sources() {
		keys[breached.Key(password)] = true
	}
	list := make([]uint64, 0, len(keys))
	for key := range keys {
		list = append(list, key)
	}
	filter, err := xorfilter.NewBinaryFuse[uint16](list)
	if err != nil {
		return nil, fmt.Errorf("building the filter: %w", err)
	}
	var out bytes.Buffer
	if err := filter.Save(&out); err != nil {
		return nil, fmt.Errorf("writing the filter: %w", err)
	}
	return out.Bytes(), nil
}
