import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { Fetcher, type FetcherOptions } from './fetcher.ts';
import { NetGuard } from './net-guard.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function serve(listener: RequestListener, host = '127.0.0.1'): Promise<string> {
  const server = createServer(listener).listen(0, host);
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://${host}:${address.port}`;
}

function fetcher(changes: Partial<FetcherOptions> = {}): Fetcher {
  return new Fetcher({ allow: ['127.0.0.1'], maxBytes: 1000, timeoutMs: 2000, ...changes });
}

async function faultOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => 'none',
    (error: { fault?: string }) => error.fault,
  );
}

describe('what is fetched', () => {
  test('the bytes of an answer, with the name as Host', async () => {
    const hosts: (string | undefined)[] = [];
    const base = await serve((request, response) => {
      hosts.push(request.headers.host);
      response.end('picture');
    });
    const port = new URL(base).port;
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const bytes = await fetcher({ resolve }).fetch(`http://pictures.example:${port}/a?b=c`);
    expect(bytes.toString()).toBe('picture');
    expect(hosts).toEqual([`pictures.example:${port}`]);
  });

  test('redirects are followed, three at most', async () => {
    const base = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` });
      response.end('here');
    });
    expect((await fetcher().fetch(`${base}/3`)).toString()).toBe('here');
    expect(await faultOf(fetcher().fetch(`${base}/4`))).toBe('gone');
  });

  test.each([
    [404, 'gone'],
    [403, 'gone'],
    [429, 'unreachable'],
    [500, 'unreachable'],
    [204, 'unreachable'],
  ])('HTTP %i is %s', async (status, fault) => {
    const base = await serve((_request, response) => {
      response.statusCode = status;
      response.end();
    });
    expect(await faultOf(fetcher().fetch(base))).toBe(fault);
  });

  test('more than the limit is cut off, announced or not', async () => {
    let closed = 0;
    const base = await serve((request, response) => {
      response.on('close', () => {
        closed += 1;
      });
      if (request.url === '/announced') response.setHeader('content-length', 1001);
      response.write('x'.repeat(900));
      const more = setInterval(() => response.write('x'.repeat(100)), 5);
      response.on('close', () => clearInterval(more));
    });
    expect(await faultOf(fetcher().fetch(`${base}/announced`))).toBe('too-large');
    expect(await faultOf(fetcher().fetch(`${base}/endless`))).toBe('too-large');
    await expect.poll(() => closed).toBe(2);
    expect(await faultOf(fetcher().fetch(base, { maxBytes: 899 }))).toBe('too-large');
  });

  test('a slow answer is given up', async () => {
    const base = await serve((request, response) => {
      if (request.url === '/body') response.write('x');
    });
    for (const path of ['/head', '/body']) {
      expect(await faultOf(fetcher().fetch(base + path, { timeoutMs: 60 }))).toBe('unreachable');
    }
    const stop = new AbortController();
    const work = faultOf(fetcher().fetch(base, { signal: stop.signal }));
    stop.abort();
    expect(await work).toBe('unreachable');
  });

  test('nobody there', async () => {
    const base = await serve((_request, response) => response.end());
    servers.pop()?.close();
    expect(await faultOf(fetcher().fetch(base))).toBe('unreachable');
    const resolve = async () => [];
    expect(await faultOf(fetcher({ resolve }).fetch('http://nowhere.example/'))).toBe(
      'unreachable',
    );
  });
});

describe('what is not', () => {
  const closed = { allow: [] };

  test.each([
    'ftp://example.com/a',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'not an address',
    'http://user:pass@example.com/',
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'http://10.1.2.3/',
    'http://172.31.0.1/',
    'http://192.168.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.64.0.1/',
    'http://0.0.0.0/',
    'http://255.255.255.255/',
    'http://224.0.0.1/',
    'http://localhost/',
    'http://localhost./',
    'http://x.localhost/',
  ])('%s', async (address) => {
    expect(fetcher(closed).objection(address)).toBeDefined();
    expect(await faultOf(fetcher(closed).fetch(address))).toBe('refused');
  });

  test('a name that leads to a private address, even among public ones', async () => {
    let asked = 0;
    const base = await serve((_request, response) => {
      asked += 1;
      response.end('secret');
    });
    const { port } = new URL(base);
    for (const extra of [[], [{ address: '93.184.216.34', family: 4 }]]) {
      const resolve = async () => [...extra, { address: '127.0.0.1', family: 4 }];
      const fault = await faultOf(
        fetcher({ ...closed, resolve }).fetch(`http://evil.example:${port}/`),
      );
      expect(fault).toBe('refused');
    }
    expect(asked).toBe(0);
  });

  test('a name that changes its mind between check and connection', async () => {
    let resolved = 0;
    let asked = 0;
    const base = await serve((_request, response) => {
      asked += 1;
      response.end('secret');
    });
    const { port } = new URL(base);
    const resolve = async () => {
      resolved += 1;
      // Harmless when it is checked; another for whoever asks again.
      return [{ address: resolved === 1 ? '127.0.0.3' : '127.0.0.1', family: 4 }];
    };
    const work = fetcher({ allow: ['127.0.0.3'], resolve });
    expect(await faultOf(work.fetch(`http://rebind.example:${port}/`))).toBe('unreachable');
    expect(resolved).toBe(1);
    expect(asked).toBe(0);
  });

  test('a redirect to a private address', async () => {
    let asked = 0;
    const inner = await serve((_request, response) => {
      asked += 1;
      response.end('secret');
    }, '127.0.0.2');
    const base = await serve((_request, response) => {
      response.writeHead(302, { location: inner });
      response.end();
    });
    expect(await faultOf(fetcher().fetch(base))).toBe('refused');
    expect(asked).toBe(0);
    expect(await faultOf(fetcher({ allow: ['127.0.0.0/8'] }).fetch(base))).toBe('none');
  });
});

describe('what is allowed although it is private', () => {
  test('by address, range or name', () => {
    const guard = new NetGuard(['10.0.0.5', '192.168.7.0/24', 'fd00::/8', 'Images.Intern']);
    expect(guard.allowsAddress('10.0.0.5')).toBe(true);
    expect(guard.allowsAddress('10.0.0.6')).toBe(false);
    expect(guard.allowsAddress('192.168.7.200')).toBe(true);
    expect(guard.allowsAddress('fd12::1')).toBe(true);
    expect(guard.trustsName('images.intern')).toBe(true);
    expect(guard.trustsName('other.intern')).toBe(false);
    expect(guard.allowsAddress('93.184.216.34')).toBe(true);
    expect(guard.allowsAddress('2606:2800:220:1::1')).toBe(true);
  });

  test('a name leads wherever it leads', async () => {
    const base = await serve((_request, response) => response.end('in'));
    const { port } = new URL(base);
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const allowed = fetcher({ allow: ['images.intern'], resolve });
    expect((await allowed.fetch(`http://images.intern:${port}/`)).toString()).toBe('in');
    expect(await faultOf(allowed.fetch(`http://other.intern:${port}/`))).toBe('refused');
  });
});
