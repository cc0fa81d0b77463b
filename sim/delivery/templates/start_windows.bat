@echo off
rem Starts the page (sim desk{{ asked }}) in this folder. Double-click it, or drop a scenario file on it.
rem Every letter here is ASCII, since cmd reads this file in the code page of the machine; what is
rem said in Japanese stands in texts\*.txt (UTF-8), and is shown after chcp 65001.
setlocal
chcp 65001 >nul
pushd "%~dp0"
if errorlevel 1 goto no_folder
set "SIM_FILE=%~1"
if exist ".venv\Scripts\python.exe" goto own
if exist "texts\python.txt" goto noted
:launcher
set SIM_RUN=py -3
py -3 -c "import sys" >nul 2>nul
if not errorlevel 1 goto found
set SIM_RUN=python
python -c "import sys" >nul 2>nul
if not errorlevel 1 goto found
call :say no_python "Python is missing. Ask the IT section to install Python {{ oldest }} or later."
goto failed
:noted
set SIM_RUN=
for /f "usebackq delims=" %%p in ("texts\python.txt") do set SIM_RUN="%%p"
if not defined SIM_RUN goto launcher
if not exist %SIM_RUN% goto launcher
goto found
:own
set SIM_RUN=".venv\Scripts\python.exe"
:found
%SIM_RUN% -c "import sim.cli.main" >nul 2>nul
if errorlevel 1 goto no_program
call :say starting "The page opens in a browser. Press Ctrl-C in this window to end it."
if defined SIM_FILE goto with_file
%SIM_RUN% -m sim desk{{ asked }}
if errorlevel 1 goto stopped
goto ended
:with_file
%SIM_RUN% -m sim desk "%SIM_FILE%"
if errorlevel 1 goto stopped
:ended
popd
exit /b 0
:no_folder
echo This folder cannot be opened. Copy it to a disk of this machine.
goto failed
:no_program
call :say no_program "The program is not installed in this folder. Double-click install_windows.bat, or ask the IT section."
goto failed
:stopped
call :say stopped "The program has stopped. Hand the lines above to the IT section."
:failed
popd
pause
exit /b 1
:say
if exist "texts\%~1.txt" type "texts\%~1.txt"
if not exist "texts\%~1.txt" echo %~2
exit /b 0
