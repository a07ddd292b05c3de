import { z } from 'zod';
import { notFound } from './errors.ts';
import { appid, deskParams, idPaging, label, time } from './im-views.ts';
import { operation } from './operation.ts';
import { page, pageByNumber } from './paging.ts';

const name = label(100).min(1);
const view = z.object({
  storeId: z.int(),
  appid: z.int().describe('The application whose users its sellers are.'),
  name: z.string(),
  createdAt: time,
});

const listDesks = operation({
  id: 'listImDesks',
  method: 'get',
  path: '/im/desks',
  tag: 'messaging',
  summary: 'Customer-service desks, by number',
  query: z.strictObject({ ...idPaging, appid: appid.optional() }),
  answer: page(view),
  handle: async ({ im }, { query }) =>
    pageByNumber(await im.desks.list(query.appid), (one) => one.storeId, query),
});

const addDesk = operation({
  id: 'addImDesk',
  method: 'post',
  path: '/im/desks',
  tag: 'messaging',
  summary: 'Add a desk; without a number it gets the next one',
  description: 'Customers reach it when it is the desk of an application: `storeId` there.',
  body: z.strictObject({ appid: z.int(), name, storeId: z.int().min(1).exactOptional() }),
  answer: view,
  status: 201,
  handle: ({ im }, { body }) => im.desks.addDesk(body),
});

const getDesk = operation({
  id: 'getImDesk',
  method: 'get',
  path: '/im/desks/{storeId}',
  tag: 'messaging',
  summary: 'One desk',
  params: deskParams,
  answer: view,
  handle: async ({ im }, { params: { storeId } }) => {
    const desk = await im.desks.get(storeId);
    if (desk === undefined) throw notFound(`咨询台 ${storeId}`, `desk ${storeId}`);
    return desk;
  },
});

const changeDesk = operation({
  id: 'changeImDesk',
  method: 'patch',
  path: '/im/desks/{storeId}',
  tag: 'messaging',
  summary: 'Rename a desk',
  params: deskParams,
  body: z.strictObject({ name: name.exactOptional() }),
  answer: view,
  handle: ({ im }, { params, body }) => im.desks.updateDesk(params.storeId, body),
});

const removeDesk = operation({
  id: 'removeImDesk',
  method: 'delete',
  path: '/im/desks/{storeId}',
  tag: 'messaging',
  summary: 'Remove a desk and its sellers; not while customers of an application reach it',
  params: deskParams,
  handle: ({ im }, { params }) => im.desks.removeDesk(params.storeId),
});

export const imDeskOperations = [listDesks, addDesk, getDesk, changeDesk, removeDesk];
