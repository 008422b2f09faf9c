import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, expect, test } from 'vitest';
import { openViews } from '../../src/views/query.ts';
import { testSettings } from '../sql/helpers/store.ts';

const storeDir = mkdtempSync(`${tmpdir()}/sesh-lanes-`);
afterAll(() => rmSync(storeDir, { recursive: true }));

test('queries that are asked at once have the same settings, answers and refusals as one after the other', async () => {
  const settings = { ...testSettings, zone: 'Asia/Kolkata', sinceMicros: 1_000_000 };
  const views = await openViews({ storeDir, files: { events: [], sources: [], quarantine: [] }, settings });
  const asked =
    "select setting_zone(), setting_since(), local_day(timestamptz '2026-03-01 20:00:00Z'), count(*) from sessions";
  try {
    const one = await views.query(asked);
    expect(one.rows).toEqual([['Asia/Kolkata', '1970-01-01T00:00:01.000Z', '2026-03-02', 0]]);
    const many = await Promise.allSettled(
      Array.from({ length: 7 }, (_, index) => views.query(index === 3 ? 'from nowhere' : asked)),
    );
    expect(many.map((each) => (each.status === 'fulfilled' ? each.value : 'refused'))).toEqual(
      many.map((_, index) => (index === 3 ? 'refused' : one)),
    );
    expect(await views.query(asked)).toEqual(one);
  } finally {
    views.close();
  }
});
