<?php
// php install.php SITE: fills the database of WP_DB_DIR and prints the users as JSON:
// {"version": …, "passwords": {login: application password}}. Each login is named after its role.
define('WP_INSTALLING', true);
$_SERVER += [
    'HTTP_HOST' => '127.0.0.1',
    'SERVER_NAME' => '127.0.0.1',
    'SERVER_PROTOCOL' => 'HTTP/1.1',
    'REQUEST_METHOD' => 'GET',
    'REQUEST_URI' => '/',
];
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', '__return_true'); // no mail leaves

wp_install('Clinic blog', 'administrator', 'administrator@example.test', false, '', 'not-used');
update_option('permalink_structure', getenv('WP_PERMALINKS') ?: '');

$passwords = [];
foreach (['administrator', 'editor', 'author', 'contributor', 'subscriber'] as $role) {
    $user = get_user_by('login', $role);
    $id = $user ? $user->ID : wp_insert_user([
        'user_login' => $role,
        'user_pass' => 'not-used',
        'user_email' => "$role@example.test",
        'role' => $role,
    ]);
    [$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'redletter']);
    $passwords[$role] = WP_Application_Passwords::chunk_password($password);
}
echo json_encode(['version' => $GLOBALS['wp_version'], 'passwords' => $passwords]), "\n";
