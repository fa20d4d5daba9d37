CREATE TABLE `user` (
    `id` varchar(255) NOT NULL PRIMARY KEY, `name` varchar(255), `email` varchar(255) UNIQUE,
    `emailVerified` timestamp(3) NULL, `image` varchar(255)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE `account` (
    `userId` varchar(255) NOT NULL, `type` varchar(255) NOT NULL, `provider` varchar(255) NOT NULL,
    `providerAccountId` varchar(255) NOT NULL, `refresh_token` varchar(255),
    `access_token` varchar(255), `expires_at` int, `token_type` varchar(255), `scope` varchar(255),
    `id_token` varchar(2048), `session_state` varchar(255),
    PRIMARY KEY (`provider`, `providerAccountId`),
    FOREIGN KEY (`userId`) REFERENCES `user` (`id`) ON DELETE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE `session` (
    `sessionToken` varchar(255) NOT NULL PRIMARY KEY, `userId` varchar(255) NOT NULL,
    `expires` timestamp NOT NULL,
    FOREIGN KEY (`userId`) REFERENCES `user` (`id`) ON DELETE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE `verificationToken` (
    `identifier` varchar(255) NOT NULL, `token` varchar(255) NOT NULL, `expires` timestamp NOT NULL,
    PRIMARY KEY (`identifier`, `token`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
