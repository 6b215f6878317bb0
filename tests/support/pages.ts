/** Every page of the app with data on it, as a phone's user and a clerk reach them. */
export const PHONE_PAGES = ['/', '/recipients', '/new-file', '/visits', '/needs', '/outbox', '/attention', '/handovers', '/ui', '/me/sessions', '/me'];
export const DESK_PAGES = ['/', '/recipients', '/new-file', '/office/import', '/office/review', '/attention', '/office/overview', '/office/overview/print',
  '/office/ledger', '/office/ledger/print', '/print/package', '/office/devices',
  '/office/staff', '/office/sponsors', '/office/plan', '/office/standards', '/office/tasks', '/office/checklists', '/office/privacy', '/handovers', '/needs', '/outbox', '/ui', '/me/sessions', '/me'];
/** What other roles see besides, or see otherwise. */
export const COUNTY_PAGES = ['/', '/recipients', '/office/overview', '/office/ledger', '/office/devices', '/office/staff', '/office/plan', '/office/standards', '/office/tasks', '/office/checklists',
  '/office/privacy', '/office/health', '/office/sponsors', '/attention', '/needs', '/me'];
export const LEAD_PAGES = ['/', '/office/overview', '/office/ledger', '/office/privacy', '/office/plan', '/office/standards', '/office/tasks', '/office/health', '/office/staff', '/office/devices', '/me'];
export const ADMIN_PAGES = ['/office/staff', '/office/devices', '/office/checklists', '/office/checklists/PAYLOAD', '/office/checklists/PAYLOAD/edit', '/office/health', '/me', '/me/sessions'];
export const AUDITOR_PAGES = ['/office/audit', '/me', '/me/sessions'];
export const CONTACT_PAGES = ['/office/tasks', '/me', '/me/sessions'];

/** Those where something may be asked of the office: the page of components asks nothing and shows what is at work for ever. */
const asks = (paths: string[], more: string[]): string[] => [...paths, ...more].filter((path) => path !== '/ui');
export const NO_OFFICE_PHONE_PAGES = asks(PHONE_PAGES, ['/rounds']);
export const NO_OFFICE_DESK_PAGES = asks(DESK_PAGES, ['/visits', '/rounds', '/office/audit', '/office/health', '/office/tasks', '/office/checklists/FOLLOWUP', '/office/checklists/FOLLOWUP/edit']);
/** Those of them that only the office can fill, and that say so where it is out of reach. */
export const NO_OFFICE_WORDS = ['/office/import', '/office/overview', '/office/overview/print', '/office/ledger', '/office/ledger/print', '/office/devices', '/office/staff',
  '/office/standards', '/office/tasks', '/office/checklists', '/office/privacy', '/office/audit', '/office/health', '/handovers', '/me/sessions'];

/** A file name for a page. */
export function pageName(path: string): string {
  return path === '/' ? 'today' : path.slice(1).replaceAll('/', '-');
}
