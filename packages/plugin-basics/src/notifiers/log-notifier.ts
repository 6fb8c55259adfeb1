import { isoTime } from '@keelson/core/domain';
import { defineNotifier } from '@keelson/core/plugin';
import { z } from 'zod';

const SEVERITIES = ['info', 'warning', 'critical'] as const;

/**
 * `log`: writes notifications to the log: info as info, warning as warn, critical as error.
 * Config: `minSeverity` (default `info`) leaves out what is less severe.
 */
export const logNotifier = defineNotifier({
  params: z.strictObject({ minSeverity: z.enum(SEVERITIES).default('info') }),
  create({ params, logger }) {
    const least = SEVERITIES.indexOf(params.minSeverity);
    return {
      async notify({ severity, title, text, time }) {
        if (SEVERITIES.indexOf(severity) < least) return;
        const fields = { severity, text, time: isoTime(time) };
        if (severity === 'critical') logger.error(title, fields);
        else if (severity === 'warning') logger.warn(title, fields);
        else logger.info(title, fields);
      },
    };
  },
});
