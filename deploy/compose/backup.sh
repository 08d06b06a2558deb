#!/bin/sh
# backup.sh nightly | now | check: all databases and files into /backups/<time>, kept for BACKUP_DAYS.
# Each database is consistent in itself. Events are delivered at least once and handled once, so databases may differ by seconds.
set -eu
databases="db_id db_access db_portal db_voting db_events db_activity db_gamification db_bff"

backup() {
  name=$(date -u +%Y-%m-%dT%H%M%SZ)
  work=/backups/.$name.part
  mkdir -p "$work"
  for database in $databases; do
    pg_dump --format=custom --compress=6 --file="$work/$database.dump" "$database"
  done
  tar -C /files -czf "$work/files.tar.gz" .
  (cd "$work" && sha256sum -- * > SHA256SUMS)
  mv "$work" "/backups/$name" # complete backups have no dot
  find /backups -mindepth 1 -maxdepth 1 -type d -mtime "+${BACKUP_DAYS:-14}" -exec rm -rf {} +
  echo "backup $name: $(du -sh "/backups/$name" | cut -f1)"
}

# seconds until the next BACKUP_HOUR, in UTC
wait_seconds() {
  now=$(date -u +%s)
  at=$(((now / 86400) * 86400 + ${BACKUP_HOUR:-3} * 3600))
  [ "$at" -gt "$now" ] || at=$((at + 86400))
  echo $((at - now))
}

case "${1:-now}" in
now) backup ;;
nightly)
  trap 'exit 0' TERM INT
  while :; do
    sleep "$(wait_seconds)" &
    wait $!
    backup || echo "the backup failed" >&2
  done
  ;;
check) # unhealthy when nothing has been backed up for a day and a half, unless the container is younger
  find /proc/1 -maxdepth 0 -mmin -2160 | grep -q . || find /backups -mindepth 1 -maxdepth 1 -type d -name '2*' -mmin -2160 | grep -q .
  ;;
*) echo "usage: backup.sh nightly | now | check" >&2; exit 2 ;;
esac
