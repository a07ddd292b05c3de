import { adminOpenApi } from '../api/admin/openapi.ts';
import { chatbotOpenApi } from '../api/chatbot/openapi.ts';
import { commandsOpenApi } from '../api/commands/openapi.ts';
import { gobelieveOpenApi } from '../api/gobelieve/openapi.ts';
import { imbotOpenApi } from '../api/imbot/openapi.ts';
import { officialOpenApi } from '../api/official/openapi.ts';
import { openApiDocument } from '../api/openapi/document.ts';
import { edgeOpenApi } from '../api/openapi/edges.ts';
import type { Json } from '../api/openapi/part.ts';
import { simulatorOpenApi } from '../api/simulator/openapi.ts';
import { wechatOpenApi } from '../api/wechat/openapi.ts';

/** What every family says of itself, in one document: /openapi.json, and the types of clients. */
export function apiDocument(publicUrl: string): Json {
  return openApiDocument(
    [
      commandsOpenApi(),
      officialOpenApi(),
      gobelieveOpenApi(),
      imbotOpenApi(),
      chatbotOpenApi(),
      adminOpenApi(),
      wechatOpenApi(),
      edgeOpenApi(),
      simulatorOpenApi(),
    ],
    publicUrl,
  );
}
