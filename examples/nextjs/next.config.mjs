export default {
  rewrites: async () => ({
    // Before files, so that a route handler of NextAuth's that is still there answers nothing.
    beforeFiles: [
      {
        source: '/api/auth/:path*',
        destination: `${process.env.TYPEGATE_URL}/api/auth/:path*`,
      },
    ],
  }),
};
