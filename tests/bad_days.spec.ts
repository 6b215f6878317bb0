import { test } from '@playwright/test';
import { savesIntoFullStorage } from './support/full_storage.ts';
import { killedInMidSave } from './support/killed_browser.ts';
import { tabsSaveAtOnce } from './support/tabs.ts';

// Short versions of what `--project=chaos` runs at length.
test('a browser killed in mid-save keeps what it called saved', async () => { await killedInMidSave(6); });

test('two tabs of one vault save at once', async () => { await tabsSaveAtOnce(2, 5); });

test('a full storage refuses a save whole, and says so', async () => { await savesIntoFullStorage(1); });
