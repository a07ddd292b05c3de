import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

type Transport = Parameters<Client['connect']>[0];

/** The client of the SDK, connected to the daemon at `url`. */
export async function connectMcp(url: string, token: string): Promise<Client> {
  const headers = { authorization: `Bearer ${token}` };
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
    requestInit: { headers },
  });
  return connectOver(transport as Transport);
}

/** Its own types of transports do not agree under exactOptionalPropertyTypes: hence the name. */
export async function connectOver(transport: Transport): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  return client;
}

export interface ToolResult {
  isError: boolean;
  texts: string[];
  image: { data: string; mimeType: string } | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: each tool has its own result
  json: any;
}

/** Calls a tool and takes its result apart. */
export async function callTool(
  client: Client,
  name: string,
  given: object = {},
): Promise<ToolResult> {
  const result = await client.callTool({ name, arguments: { ...given } });
  const content = result.content as {
    type: string;
    text?: string;
    data: string;
    mimeType: string;
  }[];
  const texts = content.flatMap((one) => (one.text === undefined ? [] : [one.text]));
  const isError = result.isError === true;
  return {
    ...{ isError, texts, image: content.find((one) => one.type === 'image') },
    json: isError ? undefined : JSON.parse(texts.at(-1) ?? 'null'),
  };
}
