// A back end in one file.

module.exports = {
  target: "node",
  entry: "./main.ts",
  output: { path: `${__dirname}/out`, filename: "main.js" },
  resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
  module: { rules: [{ test: /\.ts$/, loader: "ts-loader" }] },
};
