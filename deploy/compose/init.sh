#!/bin/sh
# Writes .env and env/*.env with fresh secrets. What exists already is left alone, so a second run changes no secret.
#
#   ./init.sh DOMAIN SMTP_HOST SMTP_FROM [SMTP_USERNAME]   the password of the mail server is read from standard input
#   ./init.sh --try [DOMAIN]                               mails go to a mailbox on this machine, certificates are self-signed
set -eu
usage() { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
umask 077
cd "${UPDSPACE_DIR:-$(dirname "$0")}"
[ ! -e env ] || { echo "env exists already: nothing is changed" >&2; exit 1; }

secret() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }
word() { printf s; head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; } # for URLs

try=
case "${1:-}" in
"" | -h | --help) usage ;;
--try)
  try=yes domain=${2:-updspace.localhost}
  host=mailpit port=1025 tls=none from="UpdSpace <noreply@$domain>" username='' password=''
  ;;
*)
  [ $# -ge 3 ] || usage
  domain=$1 host=$2 port=587 tls=starttls from=$3 username=${4:-} password=''
  [ -z "$username" ] || { printf 'Password of the mail server: ' >&2; IFS= read -r password; }
  password=$(printf %s "$password" | sed "s/'/\\\\'/g") # as env files quote it
  ;;
esac

mkdir env
{
  echo "DOMAIN=$domain"
  [ -z "$try" ] || { echo TLS_ISSUER=internal; echo COMPOSE_PROFILES=try; }
} >.env
nats=$(word) redis=$(word) postgres=$(word)
{ echo "UPDSPACE_SIGNING_SECRET=$(secret)"; echo "NATS_URL=nats://$nats@nats:4222"; } >env/platform.env
echo "NATS_TOKEN=$nats" >env/nats.env
echo "REDIS_URL=redis://:$redis@redis:6379/0" >env/limits.env
echo "REDISCLI_AUTH=$redis" >env/redis.env
echo "OIDC_CLIENT_SECRET=$(secret)" >env/portal-client.env
{ echo "SMTP_HOST=$host"; echo "SMTP_PORT=$port"; echo "SMTP_TLS=$tls"; echo "SMTP_FROM=$from"; } >env/mail.env
[ -z "$username" ] || { echo "SMTP_USERNAME=$username"; echo "SMTP_PASSWORD='$password'"; } >>env/mail.env
{ echo POSTGRES_USER=postgres; echo "POSTGRES_PASSWORD=$postgres"; echo POSTGRES_INITDB_ARGS=--auth-host=scram-sha-256; } >env/postgres.env
{ echo PGHOST=postgres; echo PGUSER=postgres; echo "PGPASSWORD=$postgres"; } >env/backup.env
for service in identity access portal voting events activity gamification bff; do
  database=db_$service
  [ $service != identity ] || database=db_id
  owner=$(word) app=$(word)
  { echo "OWNER_PASSWORD_$database=$owner"; echo "APP_PASSWORD_$database=$app"; } >>env/postgres.env
  {
    echo "DATABASE_URL=postgres://${database}_app:$app@postgres:5432/$database"
    echo "DATABASE_MIGRATE_URL=postgres://${database}_owner:$owner@postgres:5432/$database"
    case $service in
    identity | events | activity | gamification) echo "$(echo $service | tr a-z A-Z)_SEAL_KEYS=k1:$(secret)" ;;
    esac
  } >env/$service.env
done
echo "Wrote .env and env/. Keep a copy of env/ in a safe place: without its seal keys a backup cannot be read. Next: docker compose up -d --build"
