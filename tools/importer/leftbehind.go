package importer

import (
	"context"
	"fmt"
)

// leftTables are tables of the old system of which nothing is taken, with the reason. Tables of the framework, sessions, tokens and outboxes
// are not named: nothing in them is a person's.
var leftTables = []struct{ service, table, reason string }{
	{"identity", "usid_migration_map", "ids of the system before the old one have no place"},
	{"identity", "usid_audit_log", "the journal stays with the old system"},
	{"identity", "accounts_userdevice", "devices are known by their sign-ins here"},
	{"identity", "accounts_loginevent", "the history of sign-ins stays with the old system"},
	{"identity", "accounts_accountdeletionrequest", "requests to be deleted are made anew"},
	{"identity", "idp_oidcclient", "clients are registered anew: their secrets are not known"},
	{"identity", "idp_oidcconsent", "consents to clients are given anew"},
	{"identity", "socialaccount_socialaccount", "accounts elsewhere are linked anew"},
	{"access", "access_control_tenantadminauditevent", "the journal stays with the old system"},
	{"access", "access_control_featureflag", "flags have no place"},
	{"access", "core_userpreference", "preferences of pages are chosen anew"},
	{"access", "personalization_userpreference", "preferences of pages are chosen anew"},
	{"voting", "nominations_voting", "awards from before there were tenants"},
	{"voting", "nominations_nominationvote", "awards from before there were tenants"},
	{"activity", "act_game", "games are those of linked accounts"},
	{"activity", "act_source", "sources are set up anew: their secrets are sealed otherwise"},
	{"activity", "act_account_link", "accounts of games are linked anew"},
	{"activity", "act_raw_event", "what games told is read anew"},
}

// leftBehind tells what was left.
func (r *Report) leftBehind(run *run) {
	for _, left := range leftTables {
		n, err := run.old[left.service].count(context.WithoutCancel(run.ctx), left.table)
		if err == nil && n > 0 {
			note(r.kind("left behind").Refused, left.reason, fmt.Sprintf("%s: %d rows", left.table, n))
			r.kind("left behind").Read += n
		}
	}
}
