/**
 * Everyday words that mean the same in a question; the first of each line names it. Written from
 * general knowledge of how people ask, not from any base or test set. A word is in one line only.
 */
const lines = [
  '怎么 咋 怎样 如何 怎么样 咋样 怎麼 咋整 咋弄 怎么办 怎么弄 咋办 怎么搞 咋搞 怎么操作 流程 步骤 方法 教程',
  '可以 能不能 可不可以 能否 能 行不行 可否 行吗 允许 可以吗 能吗 支持 让不让 准不准',
  '多少钱 价格 费用 收费 价钱 费 几块钱 多贵 花多少 贵不贵 钱 资费 价位 报价 几块 多少元 计费',
  '多久 多长时间 几天 什么时候 啥时候 何时 几时 几点 时间 多会儿 多少天 时效 期限 有效期 多少小时 几个小时',
  '为什么 为啥 为何 咋会 怎么会 原因 怎么回事 咋回事',
  '什么 啥 哪些 哪种',
  '哪里 哪儿 在哪 什么地方 哪 何处 啥地方',
  '修改 更改 变更 改 换成 改成 改一下 修正 更正 调整',
  '退款 退钱 退回 退费 还钱 钱退 返还 退回来 返款',
  '退货 退掉 退了 退回去 不想要',
  '换货 调换 换一个 换一件 更换 换新',
  '取消 撤销 撤回 不要了 作废 撤掉 终止 退订',
  '坏了 故障 失灵 损坏 用不了 不能用 没反应 出问题 打不开 不好使 破了 破损 碎了 摔坏 异常 失效 罢工',
  '丢了 丢失 遗失 弄丢 不见了 找不到 掉了 没了 找不着 丢失了',
  '忘了 忘记 忘掉 想不起来 记不得 记不住 不记得',
  '查询 查 查看 看看 查一下 看一下 了解',
  '快递 物流 包裹 运单',
  '发货 寄出 寄 发出 出货 邮寄',
  '送货 送到 配送 派送 上门',
  '收到 签收 到货 拿到 到手 收货',
  '没收到 没到 未收到 没有收到 收不到 没拿到 还没到 没送到',
  '手机号 电话 号码 手机 联系方式 手机号码 电话号码',
  '密码 口令 密钥',
  '账号 账户 帐号 帐户 户头 号',
  '登录 登陆 登入 登不上 登不了 进不去',
  '注册 开户 新建账号',
  '申请 办理 办 申办 开通 申领 怎么办理 领取',
  '预约 预定 预订 挂号 订 约',
  '付款 支付 付钱 交钱 缴费 给钱 结账 缴 买单 扣款',
  '余额 剩余 还剩 剩多少',
  '提现 取现 取出来 转出',
  '转账 汇款 打款 转钱 转帐',
  '到账 入账 到帐 打过来',
  '额度 限额 上限',
  '押金 保证金 定金 订金',
  '迟到 晚点 延误 误点 晚了',
  '便宜 优惠 打折 折扣 减价 降价 减免 活动 促销',
  '优惠券 券 代金券 红包 抵用券',
  '积分 分数 点数',
  '会员 vip 等级',
  '客服 人工 真人 工作人员',
  '电脑 主机 笔记本 计算机 台式机',
  '网络 上网 网 无线 wifi 无线网 断网 网速 宽带',
  '安装 装 安装好 装上',
  '软件 程序 应用',
  '地址 地方 住址 位置 地点',
  '没有 没 未 无',
  '孩子 小孩 宝宝 儿童 小朋友 娃 小孩子',
  '老人 老年人 长辈 父母',
  '宠物 狗 猫 小狗',
  '早餐 早饭 早上吃',
  '房间 客房 屋子 住宿',
  '医生 大夫',
  '药 拿药 开药 取药 药品',
  '投诉 举报 反映 不满',
  '维修 修理 修 报修 检修',
  '错了 填错 写错 弄错 输错 打错 搞错 错误 不对',
  '注销 销户 销掉 关闭账号 永久删除',
  '删除 删 删掉 删了 清除',
  '恢复 找回 还原',
  '延期 延长 推迟 延后 改期 续期 展期 续',
  '提前 早点 提早 预先',
  '课程 上课 课 听课',
  '重新 再次 重 再',
  '车 汽车 开车 车辆',
  '停车 泊车 车位',
  '发票 票据 开票 专票',
  '身份证 证件 证明',
  '加急 急 催 快点 尽快 加快 着急',
  '赔偿 赔 理赔 补偿 索赔',
  '缺货 卖完 断货 没货 售罄 补货',
  '尺码 大小 尺寸 码数',
  '质量 品质 做工',
  '区别 不同 差别 差异',
  '关闭 关掉 停用 停掉 关',
  '打开 开启 启用 启动',
  '下载 导出 保存',
  '上传 提交 交上',
  '联系 找谁 找哪个 联络',
  '很慢 卡顿 卡 太慢 慢',
  '不通 连不上 连接不上 不能连接 不能互通 无法连接 无法通信',
] as const;

/** They ask, or are polite, and say little. */
const weak = new Set(['怎么', '可以', '什么', '为什么', '没有']);

interface Synonym {
  word: string;
  concept: string;
  weak: boolean;
}

/** By their first character, longer ones first. */
const byFirst = new Map<string, Synonym[]>();
for (const line of lines) {
  const words = line.split(' ');
  const [concept = ''] = words;
  for (const word of words) {
    const first = word.charAt(0);
    const others = byFirst.get(first) ?? [];
    others.push({ word, concept, weak: weak.has(concept) });
    byFirst.set(first, others);
  }
}
for (const synonyms of byFirst.values()) synonyms.sort((a, b) => b.word.length - a.word.length);

/** What a text speaks of, each once. @param text normalised */
export function conceptsIn(text: string): { concept: string; weak: boolean }[] {
  const found = new Map<string, boolean>();
  for (let at = 0; at < text.length; ) {
    const begun = byFirst.get(text.charAt(at));
    const synonym = begun?.find(({ word }) => text.startsWith(word, at));
    if (synonym === undefined) at += 1;
    else {
      found.set(synonym.concept, synonym.weak);
      at += synonym.word.length;
    }
  }
  return [...found].map(([concept, isWeak]) => ({ concept, weak: isWeak }));
}

/** Each word with its line, for whoever checks them. */
export function synonymLines(): string[][] {
  return lines.map((line) => line.split(' '));
}
