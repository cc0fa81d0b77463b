@echo off
rem Double click: installs from the folder "wheels" beside this file the first time, without a network,
rem and opens the page of the town's own plan. Nothing outside the two folders below is written.
chcp 65001 >nul
setlocal
set "PLACE=%LOCALAPPDATA%\municipal-support-sim"
set "WORKS=%USERPROFILE%\Documents\sim-desk"
set "PYTHON=%PLACE%\venv\Scripts\python.exe"
set "PYTHONUTF8=1"
if exist "%PYTHON%" fc /b "%~dp0version.txt" "%PLACE%\version.txt" >nul 2>&1 && goto start
echo 準備しています。数分かかります。 / Preparing; this takes some minutes.
if not exist "%PLACE%" mkdir "%PLACE%" || goto failed
if exist "%PYTHON%" goto packages
py -3 -m venv "%PLACE%\venv" 2>nul || python -m venv "%PLACE%\venv" || goto nopython
:packages
"%PYTHON%" -m pip install --quiet --no-index --find-links "%~dp0wheels" --upgrade municipal-support-sim || goto failed
copy /y "%~dp0version.txt" "%PLACE%\version.txt" >nul || goto failed
:start
if not exist "%WORKS%" mkdir "%WORKS%"
echo ページを開きます。この窓を閉じると終わります。 / Opening the page. Closing this window ends it.
"%PYTHON%" -m sim desk --plan --works "%WORKS%" || goto failed
exit /b 0
:nopython
echo Python 3.11 以上が見つかりません。情報担当にご相談ください。 / Python 3.11 or later is not there; ask your IT section.
pause
exit /b 1
:failed
echo うまくいきませんでした。上に出た文を、情報担当にお伝えください。 / It did not work; show the text above to your IT section.
pause
exit /b 1
