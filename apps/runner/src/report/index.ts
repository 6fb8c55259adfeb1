export { PriceRecorder } from './price-recorder.js';
export { renderReport } from './render-report.js';
export type { ReportCurve, ReportData, ReportOpenPosition, ReportPrices, ReportSource, ReportStatistics } from './report-data.js';
