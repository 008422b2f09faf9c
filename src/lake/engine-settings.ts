/**
 * What every DuckDB of the program begins with: it can neither load nor fetch code, and keeps no copy of files that it reads, which would fill its
 * memory with what the system keeps anyway (200 MB more for a sync or a report of 5 GB, and not a second less).
 */
export const engineSettings = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_unsigned_extensions: 'false',
  enable_external_file_cache: 'false',
} as const;
