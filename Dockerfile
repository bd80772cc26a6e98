FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# What is restored changes less often than what is built: its layer is kept.
COPY Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/PersonalizationPlatform/PersonalizationPlatform.csproj src/PersonalizationPlatform/
RUN dotnet restore src/PersonalizationPlatform
COPY src/ src/
RUN dotnet publish src/PersonalizationPlatform -c Release --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
ENV ASPNETCORE_HTTP_PORTS=5080
EXPOSE 5080
# The image's own unprivileged user. Nothing is written to the container: PostgreSQL is elsewhere.
USER $APP_UID
# The image has neither curl nor wget, so the program asks itself.
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=6 CMD ["dotnet", "PersonalizationPlatform.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "PersonalizationPlatform.dll"]
