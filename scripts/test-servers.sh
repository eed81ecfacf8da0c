#!/bin/sh
# Prepares what the tests need beyond Python: a real WordPress on SQLite, and the tools that
# stop, slow and count processes (strace, libfaketime, valgrind).
#
# What it does, and nothing else:
#   1. installs missing Debian or Ubuntu packages with apt-get (as root, or by sudo without a password);
#   2. unpacks WordPress into a cache outside the checkout, with SQLite instead of a database server:
#        ${XDG_CACHE_HOME:-$HOME/.cache}/redletter-tests/wordpress-<version>
#      It starts no server and leaves no service behind. Run again, it finds all there and is done.
# What cannot be prepared is named; that is a failure only with CI=true.
set -eu

CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/redletter-tests"
SQLITE_PACKAGE=@wp-playground/cli@3.1.56                # carries the SQLite plugin for WordPress
WORDPRESS_PACKAGE=@wp-playground/wordpress-builds@0.9.19 # carries WordPress 6.5.5
PHP_PARTS="pdo_sqlite gd curl xml mbstring"
PHP_PACKAGES="php-cli php-sqlite3 php-gd php-curl php-xml php-mbstring"
failed=0

say() { printf 'test-servers: %s\n' "$*"; }
cannot() { say "CANNOT RUN: $*" >&2; failed=1; }
have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then DEBIAN_FRONTEND=noninteractive "$@"
    else sudo -n DEBIAN_FRONTEND=noninteractive "$@"; fi
}

refresh_lists() {
    [ -z "${lists_fresh:-}" ] || return 0
    lists_fresh=1
    as_root apt-get update -qq >/dev/null 2>&1 || say "the package lists could not be refreshed"
}

# install PACKAGE...: true when apt-get has installed them all
install() {
    have apt-get || return 1
    [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; } || return 1
    say "installing $*"
    as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return 0
    refresh_lists
    as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# need WHAT-FOR PACKAGE...: installs, or says by name what is missing
need() {
    purpose=$1; shift
    install "$@" || { cannot "$purpose: install $* (apt-get install $*)"; return 1; }
}

php_is_whole() {
    have php || return 1
    for part in $PHP_PARTS; do php -m | grep -qix "$part" || return 1; done
}

faketime_is_there() {
    for lib in /usr/lib/*/faketime/libfaketime.so.1 /usr/lib/faketime/libfaketime.so.1; do
        [ -e "$lib" ] && return 0
    done
    return 1
}

tools() {
    have strace || need "kills at a chosen system call" strace || true
    faketime_is_there || need "tests under another clock" libfaketime || true
    have valgrind || need "counting instructions" valgrind || true
    have openssl || need "tests of certificates" openssl || true
}

# From here on every step is chained by &&: inside a condition `set -e` does not stop a function.

# npm_file PACKAGE MEMBER: fetches the package and unpacks one file of it into ./package
npm_file() {
    archive=$(npm pack --silent "$1" 2>/dev/null | tail -n 1) &&
        tar xzf "$archive" "package/$2" &&
        rm -f "$archive"
}

# Debian 12 carries WordPress 6.1.9. It is only unpacked: installing it would bring a web server.
wordpress_from_debian() {
    apt-get download -q wordpress wordpress-theme-twentytwentythree php-getid3 >/dev/null 2>&1 &&
        for package in *.deb; do dpkg-deb -x "$package" tree || return 1; done &&
        cp -a tree/usr/share/wordpress site &&
        rm -rf site/wp-config.php site/.htaccess site/wp-includes/ID3 &&
        cp -a tree/usr/share/php/getid3 site/wp-includes/ID3   # a link to elsewhere in the package
}

wordpress_from_npm() {
    npm_file "$WORDPRESS_PACKAGE" src/wordpress/wp-6.5.zip &&
        unzip -qo package/src/wordpress/wp-6.5.zip -d tree &&
        loader=$(find tree -maxdepth 2 -name wp-load.php) &&
        mv "${loader%/wp-load.php}" site &&
        rm -rf site/wp-config.php site/wp-content/database
}

sqlite_instead_of_mysql() {
    plugins=site/wp-content/plugins
    target="$plugins/sqlite-database-integration"
    database="$target/wp-includes/sqlite/class-wp-sqlite-db.php"
    npm_file "$SQLITE_PACKAGE" sqlite-database-integration.zip &&
        unzip -qo package/sqlite-database-integration.zip -d plugin &&
        rm -rf "$target" && mkdir -p "$plugins" site/wp-content/uploads &&
        mv plugin/*sqlite-database-integration "$target" &&
        # WordPress 6.1 reads this member from outside the class.
        sed 's/private \$allow_unsafe_unquoted_parameters/public $allow_unsafe_unquoted_parameters/' \
            "$database" > database.php &&
        mv database.php "$database" &&
        cp "$target/db.copy" site/wp-content/db.php
}

# build SOURCE: all in a scratch folder first, then one rename, so that a cache is whole or absent
build() {
    say "unpacking WordPress ($1) into $CACHE"
    mkdir -p "$CACHE" && scratch=$(mktemp -d "$CACHE/.building.XXXXXX") || return 1
    trap 'rm -rf "$scratch"' EXIT
    (cd "$scratch" && "wordpress_from_$1" && sqlite_instead_of_mysql) || return 1
    version=$(sed -n "s/.*\$wp_version *= *'\([^']*\)';.*/\1/p" "$scratch/site/wp-includes/version.php")
    [ -n "$version" ] && mv "$scratch/site" "$CACHE/wordpress-$version" || return 1
    say "WordPress $version is ready"
}

wordpress() {
    # shellcheck disable=SC2086
    php_is_whole || need "the tests with a real WordPress" $PHP_PACKAGES || return 0
    for there in "$CACHE"/wordpress-*/wp-load.php; do
        [ ! -f "$there" ] || { say "WordPress is there: ${there%/wp-load.php}"; return 0; }
    done
    have unzip || need "the tests with a real WordPress" unzip || return 0
    # Never Debian's npm beside a Node.js from elsewhere: the two exclude each other.
    have npm || need "the tests with a real WordPress" npm || return 0
    source=npm
    if have apt-cache && have dpkg-deb; then
        if ! apt-cache show wordpress >/dev/null 2>&1; then refresh_lists; fi
        case "$(apt-cache policy wordpress | sed -n 's/ *Candidate: //p')" in 6.1.*) source=debian ;; esac
    fi
    build "$source" || cannot "the tests with a real WordPress: it could not be fetched from $source"
}

tools
wordpress
if [ "$failed" = 1 ]; then
    [ "${CI:-}" != true ] || exit 1
    say "the tests named above will be skipped"
fi
