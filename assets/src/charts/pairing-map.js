// The map: one arc per pairing from its first to its second region, coloured by level; a click opens the pairing.
// data: {pairings: [{name, level, url, first: {name, adcode, at: [lon, lat]}, second: {…}, facts: [[label, text]]}],
//        levels: {provincial: label, …}}
import { albers } from "./albers.js";
import { echarts, palette, start, tip, tooltip } from "./parts.js";

const LINES = ["南海断续线", "未定界"];

export async function drawMap(place, data) {
  const answer = await fetch(place.dataset.map);
  if (!answer.ok) throw new Error(`map: ${answer.status}`);
  const pictures = await answer.json();
  echarts.registerMap("cn", { geoJSON: pictures.main });
  echarts.registerMap("cn-south-sea", { geoJSON: pictures.south_sea });
  const names = Object.fromEntries(pictures.main.features.map((f) => [f.properties.adcode, f.properties.name]));
  const colours = palette();
  const levels = levelStyles(colours);
  const pairings = data.pairings.filter((pairing) => pairing.first.at && pairing.second.at);
  const shown = Object.keys(levels).filter((level) => pairings.some((pairing) => pairing.level === level));

  start(
    place,
    (width, height) => ({
      tooltip: {
        ...tooltip(colours),
        trigger: "item",
        formatter: ({ data: item }) => (item?.pairing ? tip(item.pairing.name, item.pairing.facts) : item?.title ? tip(item.title, item.rows) : ""),
      },
      legend: {
        left: 4,
        bottom: 4,
        orient: "vertical",
        itemWidth: 18,
        itemHeight: 3,
        itemGap: 6,
        icon: "rect",
        textStyle: { color: colours.inkSoft, fontSize: 12 },
        data: shown.map((level) => data.levels?.[level] || level),
      },
      geo: geos(width, height, colours, tints(pairings, names, colours)),
      graphic: frame(width, height, colours),
      series: [...shown.map((level) => arcs(level, pairings, levels[level], data)), points(pairings, colours, width)],
    }),
    ({ data: item }) => item?.pairing?.url || item?.url,
  );
}

function levelStyles(colours) {
  return {
    provincial: { color: colours.blue, width: 2.5, type: "solid", curveness: 0.28 },
    city: { color: colours.amber, width: 2, type: "solid", curveness: -0.22 },
    sub: { color: colours.mid, width: 1, type: "solid", curveness: 0.2 },
    exploratory: { color: colours.inkSoft, width: 1.25, type: "dashed", curveness: 0.3 },
  };
}

function arcs(level, pairings, style, data) {
  return {
    name: data.levels?.[level] || level,
    type: "lines",
    coordinateSystem: "geo",
    geoIndex: 0,
    z: level === "sub" ? 3 : 4,
    color: style.color,
    lineStyle: { ...style, opacity: level === "sub" ? 0.6 : 0.85 },
    emphasis: { lineStyle: { width: style.width + 1.5, opacity: 1 } },
    data: pairings
      .filter((pairing) => pairing.level === level)
      .map((pairing) => ({ coords: [pairing.first.at, pairing.second.at], pairing })),
  };
}

// End points once each, however many pairings meet there.
function points(pairings, colours, width) {
  const places = new Map();
  for (const pairing of pairings) {
    for (const side of ["first", "second"]) {
      const region = pairing[side];
      const known = places.get(region.name) || { name: region.name, value: region.at, title: region.name, rows: [], side, level: pairing.level };
      known.rows.push([data_label(pairing), pairing[side === "first" ? "second" : "first"].name]);
      if (pairing.level !== "sub") known.level = pairing.level;
      places.set(region.name, known);
    }
  }
  const list = [...places.values()].sort((a, b) => (a.level === "sub") - (b.level === "sub"));
  return {
    type: "scatter",
    coordinateSystem: "geo",
    geoIndex: 0,
    z: 6,
    symbolSize: (_value, item) => (item.data.level === "sub" ? 4 : 7),
    itemStyle: { color: colours.surface, borderColor: colours.blue, borderWidth: 1.75 },
    label: {
      show: width > 480,
      formatter: "{b}",
      position: "right",
      color: colours.ink,
      fontSize: 11,
      textBorderColor: colours.surface,
      textBorderWidth: 2.5,
    },
    labelLayout: { hideOverlap: true },
    data: list,
  };
}

const data_label = (pairing) => pairing.levelLabel || "↔";

function tints(pairings, names, colours) {
  const regions = new Map();
  for (const pairing of pairings) {
    for (const [side, colour] of [
      ["first", "#c9dcf1"],
      ["second", "#dfe8d9"],
    ]) {
      const name = names[`${String(pairing[side].adcode).slice(0, 2)}0000`];
      if (name && !regions.has(name)) regions.set(name, { name, itemStyle: { areaColor: colour } });
    }
  }
  return [...regions.values(), ...LINES.map((name) => ({ name, ...boundary(name, colours) }))];
}

function boundary(name, colours) {
  const type = name === LINES[1] ? [4, 3] : "solid";
  const style = { borderColor: "#7d8b9c", borderWidth: name === LINES[1] ? 1 : 1.75, borderType: type, areaColor: "none" };
  return { itemStyle: style, emphasis: { itemStyle: style }, tooltip: { show: false }, silent: true, label: { show: false, color: colours.ink } };
}

function insetBox(width, height) {
  const w = Math.round(Math.min(116, Math.max(64, width * 0.13)));
  const h = Math.round(w * 1.32);
  return { x: width - w - 6, y: height - h - 6, w, h };
}

function geos(width, height, colours, regions) {
  const inset = insetBox(width, height);
  const look = {
    roam: false,
    projection: albers,
    itemStyle: { areaColor: "#eef1f5", borderColor: "#b6c1cd", borderWidth: 0.6 },
    emphasis: { disabled: true },
    select: { disabled: true },
    label: { show: false },
    tooltip: { show: false },
    silent: true,
    regions,
  };
  return [
    { ...look, map: "cn", left: 8, right: 8, top: 8, bottom: 8 },
    { ...look, map: "cn-south-sea", left: inset.x + 3, top: inset.y + 3, width: inset.w - 6, height: inset.h - 6, itemStyle: { ...look.itemStyle, borderWidth: 0.4 } },
  ];
}

function frame(width, height, colours) {
  const { x, y, w, h } = insetBox(width, height);
  return [{ type: "rect", silent: true, z: 1, shape: { x, y, width: w, height: h, r: 2 }, style: { fill: colours.surface, stroke: colours.ruleStrong, lineWidth: 1 } }];
}
