// Albers' equal-area conic projection with the parallels usual for maps of China (25° and 47° N, meridian 105° E).
const rad = Math.PI / 180;
const south = 25 * rad;
const north = 47 * rad;
const meridian = 105 * rad;
const n = (Math.sin(south) + Math.sin(north)) / 2;
const c = Math.cos(south) ** 2 + 2 * n * Math.sin(south);
const radius = (lat) => Math.sqrt(Math.max(0, c - 2 * n * Math.sin(lat))) / n;
const origin = radius(36 * rad);

// Degrees in, screen-like units out (y grows downwards); scaled so that figures resemble degrees.
export const albers = {
  project([lon, lat]) {
    const rho = radius(lat * rad);
    const theta = n * (lon * rad - meridian);
    return [(rho * Math.sin(theta)) / rad, (rho * Math.cos(theta) - origin) / rad];
  },
  unproject([x, y]) {
    const dx = x * rad;
    const dy = y * rad + origin;
    const theta = Math.atan2(dx, dy);
    const rho = Math.hypot(dx, dy);
    return [(theta / n + meridian) / rad, Math.asin((c - (rho * n) ** 2) / (2 * n)) / rad];
  },
};
