// The server and what it needs, in one folder.
export default { output: "standalone", poweredByHeader: false };
