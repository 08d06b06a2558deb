// Package pg is how a service reaches its PostgreSQL database: connections,
// transactions that travel in the context, tenant isolation, migrations and
// the translation of database errors.
//
// # Transactions
//
// [DB.Do] runs a function in a write transaction and puts the transaction in
// the context it passes on; [DB.Conn] returns that transaction, or the pool
// outside of one. Repositories therefore never take a transaction as an
// argument, and a use case decides alone what is atomic:
//
//	err := db.Do(ctx, func(ctx context.Context) error {
//		if err := polls.Save(ctx, poll); err != nil {
//			return err
//		}
//		return events.Publish(ctx, published)
//	})
//
// A transaction costs two round trips beside its own statements: BEGIN and the
// tenant travel together, and COMMIT.
//
// # Two locks on a tenant's data
//
// The first lock is in the queries. Rows embed [Tenanted]; every SELECT built
// through [DB.Conn], and every UPDATE and DELETE of such a row, carries
// tenant_id = the tenant of the request context, an INSERT gets it set, and a
// query that has no tenant is refused before it reaches the database.
//
// The second lock is in the database. Migrations call updspace_protect on
// every tenant table, which enables and forces row-level security: a row is
// visible and writable only to a transaction that was begun for its tenant.
// The services' role cannot switch it off. It holds for every write, raw SQL
// included; for reads outside of a transaction it holds when
// [Config.StrictReads] is set, at the price of two round trips a read.
//
// A job that works on all tenants says so, by name: see [AcrossTenants].
package pg
