#!/bin/sh
# Makes the databases and their roles when the container of PostgreSQL has no data yet. The passwords come from env/postgres.env.
set -eu
for database in db_id db_access db_portal db_voting db_events db_activity db_gamification db_bff; do
  owner=$(printenv "OWNER_PASSWORD_$database")
  app=$(printenv "APP_PASSWORD_$database")
  psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -q \
    -v database="$database" -v owner_password="$owner" -v app_password="$app" -f /usr/local/share/updspace/database.sql
done
