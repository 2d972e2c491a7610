# shellcheck shell=bash
# Sourced by scripts/test: a PostgreSQL cluster in a folder of its own that disappears with the command.
# It listens on no port, only on a socket in that folder, which nobody but its user (and root) can enter.

# start_postgresql : sets postgresql_url.
start_postgresql() {
  postgresql_folder=$(mktemp -d /tmp/portal-postgresql.XXXXXX) # a short path: sockets allow 107 bytes
  postgresql_bin=$(postgres_programs)
  as_postgres=()
  if [ "$(id -u)" -eq 0 ]; then # PostgreSQL refuses to run as root
    chown postgres: "$postgresql_folder"
    as_postgres=(runuser -u postgres --)
  fi
  trap end_postgresql EXIT
  (
    cd / # the checkout may be closed to that user
    "${as_postgres[@]}" "$postgresql_bin/initdb" --pgdata "$postgresql_folder/data" --username portal \
      --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync
    "${as_postgres[@]}" "$postgresql_bin/pg_ctl" --pgdata "$postgresql_folder/data" --wait \
      --log "$postgresql_folder/log" start --options \
      "-c listen_addresses= -k $postgresql_folder -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
  ) >"$root/var/postgresql.log" 2>&1 ||
    stop "PostgreSQL für die Tests ließ sich nicht starten:" \
      "$(cat "$root/var/postgresql.log" "$postgresql_folder/log" 2>/dev/null)"
  postgresql_url="postgres://portal@/portal?host=$postgresql_folder"
}

end_postgresql() {
  (cd / && "${as_postgres[@]}" "$postgresql_bin/pg_ctl" --pgdata "$postgresql_folder/data" --mode immediate stop) \
    >/dev/null 2>&1 || true
  rm -rf "$postgresql_folder"
}
