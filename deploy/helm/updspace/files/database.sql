-- Makes the database of one service and its two roles, as pg.Provision does in
-- development. Run it as an administrator, once per service; again does no harm:
--
--   psql -v database=voting -v owner_password=... -v app_password=... -f database.sql
--
-- <database>_owner migrates (DATABASE_MIGRATE_URL): it owns the tables.
-- <database>_app   serves   (DATABASE_URL): it reads and changes rows, owns
--                  nothing, and so is bound by row-level security.
\set ON_ERROR_STOP on
\set owner :database _owner
\set app :database _app

SELECT format('CREATE ROLE %I', r) FROM unnest(ARRAY[:'owner', :'app']) AS r
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \gexec
ALTER ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE :"app"   LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';

-- Keep personal data out of the server's log: neither the values of refused rows nor failing statements are written. Needs a
-- superuser; without one, set the same for the whole server (see docs/queries.md).
SELECT format('ALTER ROLE %I SET %s = %L', r, s.name, s.value)
FROM unnest(ARRAY[:'owner', :'app']) AS r, (VALUES ('log_error_verbosity', 'terse'), ('log_min_error_statement', 'panic'),
    ('log_parameter_max_length', '0'), ('log_parameter_max_length_on_error', '0')) AS s (name, value)
WHERE (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \gexec

SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8''', :'database', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"app";

\connect :database
ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO :"app";
