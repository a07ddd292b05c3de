/** What is said and shown in the pictures, in each language. */
export const words = {
  zh: {
    bots: { sales: '门店通知', service: '客服一号', reports: '运营日报' },
    room: '门店店长群',
    members: ['张三', '李四', '王五'],
    orders: (n: number) => `工单 ${n} 已完成，请查收`,
    notice: '工单 1024 已完成，请查收',
    mention: '张三',
    report: {
      title: '门店日报 {{ yesterday }}',
      columns: ['门店', '销售额', '环比', '达成率', '客流'],
      shops: ['南京西路店', '三里屯店', '天河城店', '太古里店', '湖滨店'],
      footer: '数据来源：收银系统',
    },
    desk: '售后',
    agent: '小李',
    customer: '陈女士',
    talk: [
      ['customer', '你好，我昨天下的单什么时候发货？'],
      ['agent', '您好，订单 20261122-0317 今天 16:00 前发出。'],
      ['customer', '可以改一下收货地址吗？'],
      ['agent', '可以，请把新地址发给我，我马上改。'],
      ['customer', '上海市静安区南京西路 1266 号'],
      ['agent', '已改好，发货后会再通知您。'],
      ['customer', '好的，谢谢！'],
    ],
    others: [
      ['周先生', '发票可以开公司抬头吗？'],
      ['Wendy', '门店周末几点关门？'],
    ],
  },
  en: {
    bots: { sales: 'Shop notices', service: 'Service desk', reports: 'Daily reports' },
    room: 'Shop managers',
    members: ['Anna', 'Ben', 'Chloe'],
    orders: (n: number) => `Ticket ${n} is done`,
    notice: 'Ticket 1024 is done, please have a look',
    mention: 'Anna',
    report: {
      title: 'Shops, {{ yesterday }}',
      columns: ['Shop', 'Sales', 'Change', 'Of target', 'Visitors'],
      shops: ['Nanjing Rd', 'Sanlitun', 'Teemall', 'Taikoo Li', 'Hubin'],
      footer: 'Source: tills',
    },
    desk: 'After sales',
    agent: 'Lily',
    customer: 'Mrs Chen',
    talk: [
      ['customer', 'Hello, when will my order be sent?'],
      ['agent', 'Hello, order 20261122-0317 leaves today before 4 pm.'],
      ['customer', 'Can I still change the address?'],
      ['agent', 'You can. Send me the new one and I will change it.'],
      ['customer', '1266 Nanjing Road West, Shanghai'],
      ['agent', 'Changed. You will hear from us when it has left.'],
      ['customer', 'Great, thank you!'],
    ],
    others: [
      ['Mr Zhou', 'Can the invoice name my company?'],
      ['Wendy', 'When do you close at weekends?'],
    ],
  },
} as const;

export type Language = keyof typeof words;
