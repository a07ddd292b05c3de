import { type Described, type OpenApiPart, pathsOf } from '../openapi/part.ts';
import { chatbotBase } from './addresses.ts';
import { chatbotRoutes, type Route } from './routes.ts';
import { refusalAnswer, streamBody } from './schema.ts';

/** The part of the OpenAPI document that describes the chatbot. */
export function chatbotOpenApi(): OpenApiPart {
  return {
    tags: [
      {
        name: 'mpweixin',
        description:
          'Questions of mini programs to the chatbot. Whatever becomes of a call stands in `code` of ' +
          'the body, HTTP says 200: 100 the answer is being made, 400 a bad field (`message` names ' +
          'it), 404 no such session or message, 409 a name that is taken, 410 the session has ' +
          'ended, 413 the body is too large, 429 too many questions, 503 not now. ' +
          `\`WS ${chatbotBase}/ws?sessionId=\` speaks of the same in frames (docs/chatbot.md). ` +
          'Where access.tokens are configured, each call carries one.',
      },
    ],
    paths: pathsOf([...chatbotRoutes.map(describe), stream]),
  };
}

const own = {
  tag: 'mpweixin',
  security: ['accessToken'],
  status: 200,
  refusals: [401, 429],
  refusal: refusalAnswer,
};

const stream: Described = {
  ...own,
  id: 'streamChatbotAnswer',
  method: 'post',
  path: `${chatbotBase}/stream`,
  summary: 'Ask the chatbot, and read its answer while it is made',
  description:
    'Server-sent events: `accepted`, `delta` {seq, delta}, `done` with the whole answer, `error`. ' +
    'With the `messageId` of a reply and no content it goes on behind `seq`, or Last-Event-ID.',
  body: streamBody,
  produces: 'text/event-stream',
};

function describe(route: Route): Described {
  const { id, method, path, summary, description, query, body, answer } = route;
  return {
    ...own,
    id,
    method,
    path: `${chatbotBase}${path}`,
    summary,
    description,
    query,
    body,
    answer,
  };
}
