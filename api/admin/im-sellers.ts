import { z } from 'zod';
import { deskParams, idPaging, label, sellerParams } from './im-views.ts';
import { operation } from './operation.ts';
import { page, pageByNumber } from './paging.ts';

const status = z.enum(['online', 'offline']).describe('Customers are led to one who is online.');
const view = z.object({
  storeId: z.int(),
  uid: z.int(),
  name: z.string(),
  avatar: z.string(),
  status,
});

const listSellers = operation({
  id: 'listImSellers',
  method: 'get',
  path: '/im/desks/{storeId}/sellers',
  tag: 'messaging',
  summary: 'Who works at a desk, by uid',
  params: deskParams,
  query: z.strictObject(idPaging),
  answer: page(view),
  handle: async ({ im }, { params, query }) =>
    pageByNumber(await im.desks.sellers(params.storeId), (one) => one.uid, query),
});

const putSeller = operation({
  id: 'putImSeller',
  method: 'put',
  path: '/im/desks/{storeId}/sellers/{uid}',
  tag: 'messaging',
  summary: 'Add a seller or change it; what is left out stays',
  description: 'A new one is offline and called as the user is, unless said otherwise.',
  params: sellerParams,
  body: z.strictObject({
    name: label(100).min(1).exactOptional(),
    avatar: label(2048).exactOptional(),
    status: status.exactOptional(),
  }),
  answer: view,
  handle: ({ im }, { params, body }) => im.desks.putSeller({ ...params, ...body }),
});

const setStatus = operation({
  id: 'setImSellerStatus',
  method: 'put',
  path: '/im/desks/{storeId}/sellers/{uid}/status',
  tag: 'messaging',
  summary: 'Say whether a seller is there',
  params: sellerParams,
  body: z.strictObject({ status }),
  handle: ({ im }, { params: { storeId, uid }, body }) =>
    im.desks.setStatus(storeId, uid, body.status),
});

const removeSeller = operation({
  id: 'removeImSeller',
  method: 'delete',
  path: '/im/desks/{storeId}/sellers/{uid}',
  tag: 'messaging',
  summary: 'Take a seller off; its customers get another one',
  params: sellerParams,
  handle: ({ im }, { params: { storeId, uid } }) => im.desks.removeSeller(storeId, uid),
});

export const imSellerOperations = [listSellers, putSeller, setStatus, removeSeller];
