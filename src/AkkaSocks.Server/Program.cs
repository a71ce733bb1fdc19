return await AkkaSocks.Server.CommandLine.RunAsync(args);
