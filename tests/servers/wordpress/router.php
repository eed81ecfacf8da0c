<?php
// For `php -S`: files are served as they are, PHP files run, every other address goes to WordPress.
$root = realpath($_SERVER['DOCUMENT_ROOT']);
$path = rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$file = realpath($root . $path);
if ($file !== false && is_dir($file)) {
    $path = rtrim($path, '/') . '/index.php';
    $file = realpath($root . $path);
}
if ($file === false || !str_starts_with($file, $root . '/')) {
    $path = '/index.php';
    $file = $root . $path;
}
if (!str_ends_with($file, '.php')) {
    return false;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $path;
$_SERVER['SCRIPT_FILENAME'] = $file;
chdir(dirname($file));
require $file;
