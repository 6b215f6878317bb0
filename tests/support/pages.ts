/** Every page of the app with data on it, as a phone's user and a clerk reach them. */
export const PHONE_PAGES = ['/', '/recipients', '/new-file', '/visits', '/needs', '/outbox', '/attention', '/handovers', '/ui', '/me/sessions', '/me'];
export const DESK_PAGES = ['/', '/recipients', '/new-file', '/office/import', '/office/review', '/attention', '/office/overview', '/office/overview/print',
  '/office/ledger', '/office/ledger/print', '/print/package', '/office/devices',
  '/office/staff', '/office/sponsors', '/office/plan', '/office/checklists', '/office/privacy', '/handovers', '/needs', '/outbox', '/ui', '/me/sessions', '/me'];

/** A file name for a page. */
export function pageName(path: string): string {
  return path === '/' ? 'today' : path.slice(1).replaceAll('/', '-');
}
