# shellcheck shell=bash
# Sourced by the commands beside it: gives the machine what they need, and says so before it does.
# What is missing is found by looking for the thing itself, not for a package's name: so a system that
# calls its packages differently, or a Python from elsewhere, is left as it is.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"

program_packages=(python3-venv libpangoft2-1.0-0 libharfbuzz-subset0)
# What the tests need besides: a browser and what drives it (libatomic1), a database, tools that read
# PDFs, and Java with JAXB for the PDF validator.
test_packages=(chromium libatomic1 postgresql poppler-utils default-jdk-headless libjaxb-java)

say() { printf '%s\n' "$@"; }
stop() {
  printf '%s\n' "$@" >&2
  exit 2
}

# Not with "| grep -q": it stops reading early, and with pipefail a library that is there would look missing.
has_library() { [[ $(/sbin/ldconfig -p 2>/dev/null) == *"$1"* ]]; }

has_commands() {
  local name
  for name in "$@"; do command -v "$name" >/dev/null || return 1; done
}

# The newest PostgreSQL programs. Debian keeps initdb and pg_ctl out of the PATH.
postgres_programs() {
  local found
  found=$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -name initdb 2>/dev/null | sort -V | tail -n 1)
  [ -n "$found" ] || found=$(command -v initdb) || return 1
  dirname "$found"
}

is_there() {
  case $1 in
    python3-venv) "$(find_python)" -c 'import ensurepip, venv' 2>/dev/null ;;
    libpangoft2-1.0-0) has_library libpangoft2-1.0.so.0 ;;
    libharfbuzz-subset0) has_library libharfbuzz-subset.so.0 ;;
    chromium-headless-shell) [ -x "${CHROMIUM:-/usr/bin/chromium-headless-shell}" ] ;;
    chromium) [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || is_there chromium-headless-shell ;;
    libatomic1) has_library libatomic.so.1 ;;
    postgresql) postgres_programs >/dev/null ;;
    poppler-utils) has_commands pdftotext pdffonts pdftoppm ;;
    default-jdk-headless) has_commands javac && javac -version >/dev/null 2>&1 ;;
    libjaxb-java) [ -f /usr/share/java/jaxb-runtime.jar ] ;;
    *) false ;;
  esac
}

# prefer_packages PACKAGE… : installs them where that goes without asking; something else does as well.
prefer_packages() { (need_packages "$@") </dev/null 2>/dev/null || true; }

# The Python to make .venv with: the machine's own if it is one of those the lock was tried on.
find_python() {
  local name
  for name in python3 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  return 1
}

# need_packages PACKAGE… : installs those that are missing, as root or through sudo.
need_packages() {
  find_python >/dev/null || stop \
    "Es fehlt Python in einer der Versionen 3.11, 3.12 oder 3.13." \
    "Unter Debian 12 und 13 bringt es das Paket python3 mit."
  local package missing=() as_root=()
  for package in "$@"; do
    is_there "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  if ! command -v apt-get >/dev/null; then
    stop "Auf diesem Rechner fehlen Programme, die unter Debian diese Pakete mitbringen:" \
      "    ${missing[*]}" \
      "Bitte installieren Sie sie mit der Paketverwaltung Ihres Systems und starten Sie dann erneut."
  fi
  local install="apt-get install -y --no-install-recommends ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] &&
      say "Zum Installieren von Systempaketen (${missing[*]}) fragt sudo nach Ihrem Kennwort." &&
      sudo -v; }; }; then
      as_root=(sudo)
    else
      stop "Es fehlen Systempakete, und dieses Konto darf keine installieren. Bitte als root ausführen:" "" \
        "    apt-get update && $install" "" "und danach diesen Befehl noch einmal."
    fi
  fi

  say "Systempakete werden installiert: ${missing[*]}"
  say "    (${as_root[*]:+${as_root[*]} }apt-get update && ${as_root[*]:+${as_root[*]} }$install)"
  mkdir -p var
  if ! {
    "${as_root[@]}" apt-get update -q &&
      no_server_at_install "${as_root[@]}" &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
  } </dev/null >var/apt.log 2>&1; then
    tail -n 15 var/apt.log >&2
    stop "" "Die Systempakete ließen sich nicht installieren; das ganze Protokoll steht in var/apt.log." \
      "Bitte beheben Sie die Ursache oder führen Sie als root aus:" "" "    apt-get update && $install"
  fi
  for package in "${missing[@]}"; do
    is_there "$package" || stop \
      "Das Paket $package ist installiert, aber was es mitbringen soll, fehlt weiterhin." "Das Protokoll steht in var/apt.log."
  done
}

# Debian starts a database server as soon as PostgreSQL is installed. The tests run one of their own and
# nobody asked for another, so a machine without PostgreSQL is told not to make one. Where it is already
# installed nothing changes.
no_server_at_install() {
  local folder=/etc/postgresql-common
  [ -e $folder/createcluster.conf ] && return 0
  case " ${missing[*]} " in *" postgresql "*) ;; *) return 0 ;; esac
  "$@" mkdir -p $folder/createcluster.d
  printf '%s\n' "# Written by the tests of the Integrationsportal: no server unless somebody makes one" \
    "create_main_cluster = false" |
    "$@" tee $folder/createcluster.d/integrationsportal.conf >/dev/null
}

# need_venv LOCK… : .venv holds what LOCK says. Any of the locks named will do; the first is installed if
# none is there yet. A stamp with the lock's hash makes every later run a matter of milliseconds.
need_venv() {
  local lock stamp=.venv/installed-lock.sha256
  # A new Python or a moved checkout leaves an environment behind whose programs start no more.
  if [ -d .venv ] && ! { .venv/bin/python -c 'import pip' 2>/dev/null && grep -qF "$root/.venv/bin/" .venv/bin/pip; }; then
    say "Die Umgebung .venv passt nicht mehr zu diesem Rechner oder Ordner und wird neu angelegt."
    rm -rf .venv
  fi
  if [ -f $stamp ]; then
    for lock in "$@"; do
      grep -qxF "$(lock_hash "$lock")" $stamp && return 0
    done
  fi
  say "Python-Pakete werden nach .venv installiert ($1, mit geprüften Prüfsummen) …"
  [ -x .venv/bin/python ] || "$(find_python)" -m venv .venv
  rm -f $stamp
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes --only-binary :all: -r "$1" ||
    stop "" "Die Python-Pakete ließen sich nicht installieren (siehe oben)." \
      "Ohne Verbindung zum Python-Paketverzeichnis geht es nur, wenn sie schon einmal installiert waren."
  lock_hash "$1" >$stamp
}

lock_hash() { sha256sum "$1" | cut -d ' ' -f 1; }
