// Cuts what is asked, and the titles and excerpts of the index, into words. A classic script, because browsers load no
// modules from a disk.
"use strict";
globalThis.provenWords = (() => {
  const HAN = "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff";
  const IS_HAN = new RegExp(`[${HAN}]`);
  const RUN = new RegExp(`[${HAN}]+|(?:(?![${HAN}])[\\p{L}\\p{N}_])(?:(?:(?![${HAN}])[\\p{L}\\p{N}_.-])*(?![${HAN}])[\\p{L}\\p{N}_])?`, "gu");
  const PART = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;
  // Characters of the longest Han word.
  const LONGEST = 6;
  // Words of a question that say nothing of its subject.
  const STOP = new Set(("a an the of to in on at by for from with as is are was be been it its this that these those and or not no but if then so " +
    "do does did how what when where why which who can could should would may i my me you your we there than vs between via use using used get " +
    "into still only flask any about want need try trying please help way so such here will one has have had 的 了 是 在 和 与 或 吗 呢 怎么 如何 什么 为什么 怎样 哪些 哪个 一个 不 中 里 上 下 有 没 会 要 能 用 把 被 让 对 从 后 前 时 也 就 都 到 给 " +
    "这 那 我 你 请问 求助 一下 可以 应该 怎么办 办法 时候 有什么 是什么").split(" "));
  // Words that most questions could have: they say less than their rarity here, where they are seldom written.
  const WEAK = new Set(("add create make open write read put show display appear find look see know learn work happen cause fix solve resolve avoid prevent " +
    "allow enable keep stay change update modify switch move handle must correct correctly proper properly right wrong good best better way example simple easy " +
    "whole real actual same different other another each every all many much more most several multiple some own first last next new old current again always " +
    "never only also just even without inside outside before after during while until like app application project code program script python page website " +
    "site thing error issue problem bug fail failed fails failing question tutorial because instead automatically manually directly start begin run access " +
    "使用 用法 实现 方法 解决 问题 处理 需要 想要 出现 提示 显示 获取 怎么样 怎么写 报错 出错 失败 不能 无法 不了 不到 没有 不行 不对 正确 简单 例子 示例 教程 详解 " +
    "代码 程序 项目 应用 应用程序 自己 其他 别人 所有 每个 一起 之后 之前 以后 然后 里面 进行 添加 原因 情况").split(" "));
  const ENDING = /(?:[ia]tions?|izations?|isations?|at(?:ing|ed|es?|ors?|ically)|ions?|ings?|[eo]rs?|ies|ied|ed|es|s|ly|e|y|[ai]ble|ments?|ness|ives?|ally|al)$/;

  // Figures that nobody looks for, unlike a status and a release; the same as in proven.site.search.words.
  const FIGURE = /^(?:0x\w+|\d{1,2}|\d{4,}|[\d.-]*\.\d{3,}|\d+-[\d-]+|(?!10[0-3]|20[0-8]|226|30[0-8]|4[0-5]\d|50\d|51[01])\d{3})$/;
  const says = (word) => !IS_HAN.test(word) && !FIGURE.test(word) && word.length < 50;

  // The index has a word in the singular, see proven.site.search.index.one_number.
  const one = (word) => (/[a-z]{3}s$/.test(word) && !/[sui]s$/.test(word) ? word.slice(0, -1) : word);

  // What the forms of an English word have in common: rotate, rotated and rotation are "rot".
  const stem = (word) => {
    if (!/^[a-z]{4,}$/.test(word)) return word;
    const left = [ENDING, /(?:ed|es|s|e)$/].map((ending) => word.replace(ending, "")).find((each) => each.length > 2) ?? word;
    return left.replace(/([bdgmnprt])\1$/, "$1");
  };

  const partsOf = (name) => {
    const parts = name.match(PART) ?? [];
    return parts.length > 1 || parts[0]?.length < name.length ? parts.map((part) => part.toLowerCase()).filter((part) => part.length > 1 && part !== name.toLowerCase()) : [];
  };

  // Where the words of a Han run begin and end: as few as can be of those that are known.
  const cutHan = (run, known) => {
    const cost = [0], from = [0];
    for (let end = 1; end <= run.length; end += 1) {
      cost[end] = Infinity;
      for (let start = Math.max(0, end - LONGEST); start < end; start += 1) {
        const piece = run.slice(start, end);
        const sure = known(piece) || STOP.has(piece);
        if (!sure && piece.length > 1) continue;
        const total = cost[start] + (piece.length > 1 ? 1 : sure ? 1.2 : 1.6);
        if (total < cost[end]) { cost[end] = total; from[end] = start; }
      }
    }
    const cuts = [];
    for (let end = run.length; end > 0; end = from[end]) cuts.unshift([from[end], end]);
    return cuts;
  };

  // Each word of a text with its place. A `part` is a piece of a longer word that is known itself, and says less.
  const cut = (text, known) => {
    const found = [];
    for (const { 0: run, index } of text.matchAll(RUN)) {
      const add = (start, end, word, part) => found.push({ start: index + start, end: index + end, word, part });
      if (!IS_HAN.test(run)) {
        const whole = run.toLowerCase(), parts = partsOf(run);
        const sure = known(one(whole));
        add(0, run.length, whole, false);
        for (const part of parts) add(0, run.length, part, sure);
        continue;
      }
      const cuts = cutHan(run, known);
      for (const [start, end] of cuts) if (end - start > 1 || known(run[start])) add(start, end, run.slice(start, end), false);
      for (let start = 0; start < run.length; start += 1) {
        for (let end = start + 2; end <= Math.min(start + LONGEST, run.length); end += 1) {
          if (known(run.slice(start, end)) && !cuts.some(([a, b]) => a === start && b === end)) add(start, end, run.slice(start, end), true);
        }
      }
    }
    return found;
  };

  return { HAN: IS_HAN, STOP, WEAK, one, says, stem, cut };
})();
