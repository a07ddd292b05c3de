import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { AlarmSettings } from '../../../config/alarm-schema.ts';
import type { AlarmSource, Trouble } from '../trouble.ts';
import { lasted } from '../words.ts';

const hour = 3_600_000;
const day = 24 * hour;
const askMs = 8000;

/** The certificate of an https address ends soon, or has ended. */
export function certificateSource(
  publicUrl: string | undefined,
  settings: () => AlarmSettings,
): AlarmSource {
  return {
    name: 'certificate',
    everyMs: 6 * hour,
    troubles: async (now) => {
      const { rules, certificateDays } = settings();
      if (!rules.certificate.enabled || publicUrl?.startsWith('https:') !== true) return [];
      const { hostname, port } = new URL(publicUrl);
      const host = hostname.replace(/^\[|\]$/g, '');
      const end = await endOf(host, Number(port) || 443);
      const left = end - now;
      if (left > certificateDays * day) return [];
      return [troubleOf(hostname, left, rules.certificate.afterSeconds * 1000)];
    },
  };
}

function troubleOf(host: string, left: number, afterMs: number): Trouble {
  const ended = left <= 0;
  return {
    key: `certificate:${host}`,
    kind: 'certificate',
    subject: host,
    stage: ended ? 3 : left < 3 * day ? 2 : 1,
    afterMs,
    text: {
      zh: ended ? `${host} 的证书已过期` : `${host} 的证书将在 ${lasted(left, 'zh')}后到期`,
      en: ended
        ? `the certificate of ${host} has ended`
        : `the certificate of ${host} ends in ${lasted(left, 'en')}`,
    },
  };
}

/** When it ends, whoever signed it. */
function endOf(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    // Who is named by a number is told no name: TLS knows none.
    const named = isIP(host) === 0 && { servername: host };
    const socket = connect(
      { host, port, ...named, rejectUnauthorized: false, timeout: askMs },
      () => {
        const end = Date.parse(socket.getPeerCertificate().valid_to);
        socket.destroy();
        if (Number.isNaN(end)) reject(new Error(`${host} shows no certificate`));
        else resolve(end);
      },
    );
    socket.on('timeout', () => socket.destroy(new Error('timeout')));
    socket.on('error', reject);
  });
}
