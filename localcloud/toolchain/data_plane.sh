#!/bin/sh
# Unpacks Debian packages, with whatever of their dependencies the machine lacks, and makes MariaDB's first data directory.
# Nothing is installed and root is not needed. Usage: data_plane.sh DIRECTORY PACKAGE...
set -eu
directory=$1
shift

# Lists and archives of its own: the machine's may be absent or stale, and belong to root.
apt=$directory/apt
mkdir -p "$apt/lists/partial" "$apt/archives/partial"
get() {
  apt-get -q -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt" -o APT::Sandbox::User="$(id -un)" \
    -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 -o Acquire::Retries=1 "$@"
}
get update
lacking=$(get install --simulate --no-install-recommends "$@" | sed -n 's/^Inst \([^ ]*\).*/\1/p')
cd "$apt/archives"
get download $(printf '%s\n' "$@" $lacking | sort -u)
for archive in *.deb; do
  dpkg-deb --extract "$archive" "$directory"
  dpkg-deb --show --showformat='${Package} ${Version}\n' "$archive" >> "$directory/versions"
done
cd "$directory"
rm -r "$apt" usr/share/doc usr/share/man

LD_LIBRARY_PATH=$(echo "$directory"/usr/lib/*-linux-gnu* "$directory"/lib/*-linux-gnu* | tr ' ' ':')
export LD_LIBRARY_PATH
usr/bin/redis-server --version
share=$directory/usr/share/mysql
mkdir mysql-data
# Without mysql_system_tables_data.sql: it is what makes root and its local passwordless accounts.
{
  printf 'CREATE DATABASE mysql;\nUSE mysql;\n'
  cat "$share/mysql_system_tables.sql" "$share/mysql_performance_tables.sql" "$share/mysql_sys_schema.sql"
} | usr/sbin/mariadbd --no-defaults --bootstrap --silent-startup --user="$(id -un)" --datadir="$directory/mysql-data" \
  --lc-messages-dir="$share" --character-sets-dir="$share/charsets" --innodb-buffer-pool-size=6M --innodb-log-file-size=4M
