import { test } from '@playwright/test';
import { killedInMidSave } from './support/killed_browser.ts';

// The short version of what `--project=chaos killed_browser` runs at length.
test('a browser killed in mid-save keeps what it called saved', async () => { await killedInMidSave(6); });
