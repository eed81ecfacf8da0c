<?php
// A throw-away WordPress: its database is the file in WP_DB_DIR, its address follows WP_PORT.
define('DB_NAME', 'wp');
define('DB_USER', 'wp');
define('DB_PASSWORD', 'wp');
define('DB_HOST', 'localhost');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('DB_DIR', getenv('WP_DB_DIR'));
define('DB_FILE', 'wp.sqlite');
$table_prefix = 'wp_';

$address = 'http://127.0.0.1:' . getenv('WP_PORT');
define('WP_HOME', $address);
define('WP_SITEURL', $address);
// Without "local" WordPress offers no application passwords over plain http.
define('WP_ENVIRONMENT_TYPE', getenv('WP_ENVIRONMENT') ?: 'local');

// It must neither call out nor change itself.
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_AUTO_UPDATE_CORE', false);
define('DISABLE_WP_CRON', true);
define('WP_DEBUG', false);

foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define($name . '_KEY', "for tests only: $name key");
    define($name . '_SALT', "for tests only: $name salt");
}
if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
