import { CONTEXT_FEED, NEWS_FEED, RISK_OVERLAY, definePlugin } from '@keelson/core/plugin';
import { newsFile } from './news/news-file.js';
import { newsIcs } from './news/news-ics.js';
import { newsRss } from './news/news-rss.js';
import { eventBlackout } from './overlays/event-blackout.js';
import { feedSeries } from './series/feed-series.js';
import { httpJson } from './series/http-json.js';
import { seriesFile } from './series/series-file.js';
import type { Fetch } from './sources/http-source.js';

const webFetch: Fetch = (url, init) => fetch(url, init);

export default definePlugin({
  name: '@keelson/plugin-context',
  version: '0.1.0',
  api: '^1.0.0',
  provides: ['context-feed', 'news-feed', 'risk-overlay'],
  register({ add }) {
    add(CONTEXT_FEED, 'series-file', seriesFile);
    add(CONTEXT_FEED, 'feed-series', feedSeries);
    add(CONTEXT_FEED, 'http-json', httpJson(webFetch));
    add(NEWS_FEED, 'news-file', newsFile);
    add(NEWS_FEED, 'news-rss', newsRss(webFetch));
    add(NEWS_FEED, 'news-ics', newsIcs(webFetch));
    add(RISK_OVERLAY, 'event-blackout', eventBlackout);
  },
});
